package io.weldr.worker.rpc;

import com.google.protobuf.Message;
import io.weldr.proto.worker.v1.BuildWorkerGrpc;
import io.weldr.proto.worker.v1.CancelRequest;
import io.weldr.proto.worker.v1.DeleteRequest;
import io.weldr.proto.worker.v1.SubmitRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the gate must know of a method.
 *
 * <p>Security: a method without a row in the table cannot be called.
 *
 * @param changesState its audit records are synced, and it is refused when they cannot be written
 * @param first whether it may be, and is, the first call of a connection
 * @param composeId what it is about, for the audit; as the client wrote it
 */
record MethodPolicy(
    boolean changesState, boolean first, Function<Message, Optional<String>> composeId) {

  private static final MethodPolicy READS =
      new MethodPolicy(false, false, request -> Optional.empty());

  /** By full method name. */
  static final Map<String, MethodPolicy> TABLE =
      Map.of(
          BuildWorkerGrpc.getHelloMethod().getFullMethodName(),
          new MethodPolicy(false, true, request -> Optional.empty()),
          BuildWorkerGrpc.getSubmitMethod().getFullMethodName(),
          changes(request -> ((SubmitRequest) request).getJob().getComposeId()),
          BuildWorkerGrpc.getCancelMethod().getFullMethodName(),
          changes(request -> ((CancelRequest) request).getComposeId()),
          BuildWorkerGrpc.getDeleteMethod().getFullMethodName(),
          changes(request -> ((DeleteRequest) request).getComposeId()),
          BuildWorkerGrpc.getListMethod().getFullMethodName(),
          READS,
          BuildWorkerGrpc.getWatchMethod().getFullMethodName(),
          READS);

  private static MethodPolicy changes(Function<Message, String> composeId) {
    return new MethodPolicy(true, false, composeId.andThen(Optional::of));
  }

  /** SHA-256 of a submitted job as received; empty for other requests. */
  static Optional<String> specSha256(Message request) {
    return request instanceof SubmitRequest submit
        ? Optional.of(sha256(submit.getJob().toByteArray()))
        : Optional.empty();
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
