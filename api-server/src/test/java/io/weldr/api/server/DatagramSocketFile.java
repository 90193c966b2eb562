package io.weldr.api.server;

import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The end of a service manager's notification socket where messages come out. */
record DatagramSocketFile(AFUNIXDatagramSocket socket) implements AutoCloseable {

  static DatagramSocketFile bind(Path path) throws IOException {
    AFUNIXDatagramSocket socket = AFUNIXDatagramSocket.newInstance();
    socket.setSoTimeout(30_000);
    socket.bind(AFUNIXSocketAddress.of(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    return new DatagramSocketFile(socket);
  }

  String receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    socket.close();
  }
}
