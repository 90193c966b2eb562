package io.weldr.worker.rpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.weldr.worker.audit.AuditLog;
import io.weldr.worker.job.JobQueue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ServerSocketFactory;

/**
 * The private socket and what answers on it.
 *
 * <p>Security: the socket admits one uid ({@link PeerPolicy}), every method goes through {@link
 * CallGate}, and sizes and counts are capped before anything is allocated for them. No other
 * service, reflection included, is offered.
 */
public final class RpcServer implements AutoCloseable {
  /** Two documents of 1 MiB and 20,000 packages of about 200 bytes fit. */
  static final int LARGEST_MESSAGE = 6 << 20;

  static final int LARGEST_METADATA = 8 << 10;
  static final int MOST_CALLS_PER_CONNECTION = 64;

  private final Server server;
  private final Path path;
  private final Object inode;
  private final PeerServerSocket socket;
  private final ExecutorService transport;
  private final ScheduledExecutorService timer;

  private RpcServer(
      Server server,
      Path path,
      PeerServerSocket socket,
      ExecutorService transport,
      ScheduledExecutorService timer)
      throws IOException {
    this.server = server;
    this.path = path;
    this.inode = Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    this.socket = socket;
    this.transport = transport;
    this.timer = timer;
  }

  /**
   * Listens and answers.
   *
   * @param apiUid the only uid that may connect; owner of the socket
   * @param queue may make callers wait for it
   * @param slots told to clients, as {@code version} and {@code anaconda} are
   * @throws IOException when the socket cannot be made
   */
  public static RpcServer start(
      Path path,
      int apiUid,
      Supplier<JobQueue> queue,
      int slots,
      String version,
      boolean anaconda,
      AuditLog audit)
      throws IOException {
    ExecutorService transport =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("rpc-", 0).factory());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rpc-timer").factory());
    PeerServerSocket socket =
        new PeerServerSocket(
            BoundSocket.bind(path, apiUid),
            new PeerPolicy(apiUid),
            new RefusedPeers(audit, Clock.systemUTC()));
    CallGate gate = new CallGate(MethodPolicy.TABLE, new CallAudit(audit), timer);
    Server server =
        OkHttpServerBuilder.forPort(
                socket.getLocalSocketAddress(), InsecureServerCredentials.create())
            .socketFactory(new BoundSocketFactory(socket))
            .transportExecutor(transport)
            .scheduledExecutorService(timer)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .maxInboundMetadataSize(LARGEST_METADATA)
            .maxConcurrentCallsPerConnection(MOST_CALLS_PER_CONNECTION)
            .handshakeTimeout(10, TimeUnit.SECONDS)
            .addService(
                ServerInterceptors.intercept(
                    new BuildWorkerService(queue, slots, version, anaconda), gate))
            .build()
            .start();
    return new RpcServer(server, path, socket, transport, timer);
  }

  /** Connections open now. */
  int connections() {
    return socket.connections();
  }

  /** Stops listening, ends all calls and removes the socket if it is still ours. */
  @Override
  public void close() throws IOException, InterruptedException {
    server.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
    timer.shutdownNow();
    transport.shutdown();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && inode.equals(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS))) {
      Files.delete(path);
    }
  }

  /** Gives gRPC the socket that is bound already. */
  private static final class BoundSocketFactory extends ServerSocketFactory {
    private final ServerSocket socket;

    BoundSocketFactory(ServerSocket socket) {
      this.socket = socket;
    }

    @Override
    public ServerSocket createServerSocket() {
      return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port) {
      return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
      return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
      return socket;
    }
  }
}
