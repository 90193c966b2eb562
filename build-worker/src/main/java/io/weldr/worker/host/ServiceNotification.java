package io.weldr.worker.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Tells the service manager how far the program is, as sd_notify(3) does.
 *
 * <p>Security: sends one constant word to the address the service manager put in the environment.
 */
public final class ServiceNotification {
  private ServiceNotification() {}

  /** Says that the program serves now; does nothing without NOTIFY_SOCKET. */
  public static void ready() throws IOException {
    Optional<String> address = Optional.ofNullable(System.getenv("NOTIFY_SOCKET"));
    if (address.isPresent()) {
      send(address.get(), "READY=1");
    }
  }

  static void send(String address, String state) throws IOException {
    byte[] bytes = state.getBytes(StandardCharsets.US_ASCII);
    AFUNIXSocketAddress to =
        address.startsWith("@")
            ? AFUNIXSocketAddress.inAbstractNamespace(address.substring(1))
            : AFUNIXSocketAddress.of(Path.of(address));
    try (AFUNIXDatagramChannel manager = AFUNIXDatagramChannel.open()) {
      manager.connect(to);
      manager.write(ByteBuffer.wrap(bytes));
    }
  }
}
