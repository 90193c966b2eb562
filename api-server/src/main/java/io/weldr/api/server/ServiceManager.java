package io.weldr.api.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** Tells the service manager how the server is, as sd_notify(3) describes. */
final class ServiceManager {
  private static final Logger LOG = System.getLogger(ServiceManager.class.getName());

  private final Optional<String> socket;

  /**
   * @param environment of the process; without {@code NOTIFY_SOCKET} nobody is told anything
   */
  ServiceManager(Map<String, String> environment) {
    this.socket =
        Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
            .filter(path -> path.startsWith("/") || path.startsWith("@"));
  }

  void ready() {
    send("READY=1\nSTATUS=Serving requests");
  }

  void stopping() {
    send("STOPPING=1");
  }

  private void send(String state) {
    if (socket.isEmpty()) {
      return;
    }
    byte[] message = state.getBytes(StandardCharsets.UTF_8);
    try (AFUNIXDatagramSocket sender = AFUNIXDatagramSocket.newInstance()) {
      sender.connect(address(socket.get()));
      sender.send(new DatagramPacket(message, message.length));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The service manager could not be told: {0}", e.getMessage());
    }
  }

  private static AFUNIXSocketAddress address(String path) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name[0] == '@') {
      name[0] = 0;
    }
    return AFUNIXSocketAddress.of(name);
  }
}
