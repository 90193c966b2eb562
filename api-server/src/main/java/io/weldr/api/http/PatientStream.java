package io.weldr.api.http;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The body of a reply while it is sent: during each write the client is waited for, within its
 * limit; between them the server works.
 */
final class PatientStream extends OutputStream {
  private final OutputStream out;
  private final ClientConnection client;

  PatientStream(OutputStream out, ClientConnection client) {
    this.out = out;
    this.client = client;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] block, int offset, int length) throws IOException {
    client.waitsForReader();
    out.write(block, offset, length);
    client.works();
  }

  @Override
  public void flush() throws IOException {
    client.waitsForReader();
    out.flush();
    client.works();
  }

  @Override
  public void close() throws IOException {
    client.waitsForReader();
    out.close();
  }
}
