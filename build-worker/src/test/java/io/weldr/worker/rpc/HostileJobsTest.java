package io.weldr.worker.rpc;

import static io.weldr.worker.rpc.FullJob.full;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.weldr.proto.worker.v1.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every string field of a job, however deep, with every hostile value. */
class HostileJobsTest {
  /** What no string field but the two documents and the key blocks may hold. */
  private static final List<String> HOSTILE_ANYWHERE =
      List.of(
          "a\nb",
          "a\n%post\ntouch /x\n%end",
          "a\r",
          "a\n",
          "\na",
          "a\0b",
          "a\tb",
          "\u001b[31m",
          "a\u007f",
          "a\u0085b",
          "a\u2028b",
          "a\u202eb",
          "a\u200bb",
          "\ufeff",
          "\ud800",
          "\ue000",
          "x".repeat(70_000));

  /** What no string field but free text may hold besides. */
  private static final List<String> HOSTILE_NAMES =
      List.of(
          "a b",
          "a;b",
          "$(id)",
          "`id`",
          "a'b",
          "a\"b",
          "a|b",
          "a&b",
          "a>b",
          "a\\b",
          "a*",
          "../../etc/passwd",
          "--option",
          "-o",
          "%include /x",
          "{a}",
          "a#b",
          "é",
          "\u0430dmin");

  /** Free text: the rules allow blanks and quotes, the kickstart writer quotes them. */
  private static final Set<String> FREE_TEXT =
      Set.of(
          "customizations.kernel_append",
          "customizations.ssh_keys.key",
          "customizations.users.key",
          "customizations.users.description",
          "customizations.locale.keyboard",
          "git_repositories.summary");

  /** Stored and never interpreted, or of many lines. */
  private static final Set<String> MANY_LINES =
      Set.of(
          "blueprint.toml",
          "blueprint.frozen_toml",
          "sources.apt.public_keys",
          "sources.rpm.public_keys");

  private static List<Row> hostileValues() {
    List<Row> table = new ArrayList<>();
    for (Field field : stringFields(JobSpec.getDescriptor(), "", List.of())) {
      List<String> values = new ArrayList<>();
      if (!MANY_LINES.contains(field.place())) {
        values.addAll(HOSTILE_ANYWHERE);
        if (!FREE_TEXT.contains(field.place())) {
          values.addAll(HOSTILE_NAMES);
        }
      }
      values.forEach(value -> table.add(new Row(field, value)));
    }
    assertTrue(table.size() > 900, "rows: " + table.size());
    return table;
  }

  @Test
  void hostileValuesInEveryStringFieldAreRefusedByName() throws Exception {
    for (Row row : hostileValues()) {
      String place = row.field().place();
      JobSpec job = (JobSpec) with(full(), row.field().path(), row.value());
      var refused =
          assertThrows(
              InvalidRequestException.class,
              () -> JobSpecValidation.validate(job),
              () -> place + " = " + Problems.show(row.value()));
      String message = refused.getMessage();
      String leaf = place.substring(place.lastIndexOf('.') + 1);
      assertTrue(message.contains(leaf), place + ": " + message);
      assertTrue(message.chars().allMatch(c -> c >= ' ' && c < 0x7f), place + ": " + message);
      assertTrue(message.length() < 4000, place);
    }
  }

  /**
   * A string field somewhere in a message.
   *
   * @param place names joined by dots, without indexes
   */
  private record Field(String place, List<FieldDescriptor> path) {}

  private record Row(Field field, String value) {}

  private static List<Field> stringFields(
      Descriptor type, String place, List<FieldDescriptor> path) {
    List<Field> fields = new ArrayList<>();
    for (FieldDescriptor field : type.getFields()) {
      List<FieldDescriptor> longer = new ArrayList<>(path);
      longer.add(field);
      if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
        fields.add(new Field(place + field.getName(), longer));
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        fields.addAll(stringFields(field.getMessageType(), place + field.getName() + ".", longer));
      }
    }
    return fields;
  }

  /** A copy with the value in the field; in lists the last element is changed. */
  private static Message with(Message message, List<FieldDescriptor> path, String value) {
    FieldDescriptor field = path.getFirst();
    Message.Builder builder = message.toBuilder();
    if (path.size() == 1 && field.isRepeated()) {
      builder.setRepeatedField(field, message.getRepeatedFieldCount(field) - 1, value);
    } else if (path.size() == 1) {
      builder.setField(field, value);
    } else if (field.isRepeated()) {
      int last = message.getRepeatedFieldCount(field) - 1;
      Message inner = (Message) message.getRepeatedField(field, last);
      builder.setRepeatedField(field, last, with(inner, path.subList(1, path.size()), value));
    } else {
      Message inner = (Message) message.getField(field);
      builder.setField(field, with(inner, path.subList(1, path.size()), value));
    }
    return builder.build();
  }
}
