package io.weldr.worker.rpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds fields the protocol does not have, anywhere in a message.
 *
 * <p>Security: protobuf ignores them by default; here they mean that the two programs do not speak
 * the same protocol, or that somebody tries something.
 */
final class UnknownFields {
  private UnknownFields() {}

  /** The full name of the first message type that carries one. */
  static Optional<String> in(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      return Optional.of(message.getDescriptorForType().getFullName());
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        Optional<String> found = inValue(field.getValue());
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> inValue(Object value) {
    if (value instanceof List<?> list) {
      return list.stream()
          .map(Message.class::cast)
          .map(UnknownFields::in)
          .flatMap(Optional::stream)
          .findFirst();
    }
    return in((Message) value);
  }
}
