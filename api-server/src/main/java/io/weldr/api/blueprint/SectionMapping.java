package io.weldr.api.blueprint;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Reads a {@link Section} out of a table and prints it, as its components say. */
final class SectionMapping<S extends Section> {
  private static final Map<Class<?>, SectionMapping<?>> KNOWN = new ConcurrentHashMap<>();

  private final Class<S> type;
  private final List<Component> components;

  private SectionMapping(Class<S> type) {
    this.type = type;
    this.components = Arrays.stream(type.getRecordComponents()).map(Component::of).toList();
  }

  @SuppressWarnings("unchecked")
  static <S extends Section> SectionMapping<S> of(Class<S> type) {
    return (SectionMapping<S>) KNOWN.computeIfAbsent(type, t -> new SectionMapping<>(type));
  }

  /** The keys, in the order in which they are printed. */
  Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    components.forEach(component -> keys.add(component.key()));
    return keys;
  }

  /** Reads a table; what is wrong goes into its problems. */
  S read(TableReader table) {
    TableReader reader = type.isAnnotationPresent(Strict.class) ? table.strictly() : table;
    reader.known(keys());
    return readKnown(reader);
  }

  /** Reads these keys of a table that has others too. */
  S readKnown(TableReader table) {
    String[] required =
        components.stream()
            .filter(c -> c.type() == String.class)
            .map(Component::key)
            .toArray(String[]::new);
    table.requires(required);
    Object[] values = components.stream().map(component -> component.read(table)).toArray();
    S section = create(values);
    section.check(table);
    return section;
  }

  private S create(Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not a section: " + type, e);
    }
  }

  /** The keys and values of a section; what is absent or an empty list leaves no key. */
  static Map<String, Node> entries(Section section) {
    Map<String, Node> entries = new LinkedHashMap<>();
    for (Component component : of(section.getClass()).components) {
      component.print(section).ifPresent(node -> entries.put(component.key(), node));
    }
    return entries;
  }

  /**
   * One component of a record.
   *
   * @param item what an Optional or a List holds, else the type itself
   */
  private record Component(
      Method accessor,
      String key,
      Class<?> type,
      Class<?> item,
      ValueRule rule,
      long least,
      long most) {

    static Component of(RecordComponent component) {
      Class<?> item =
          component.getGenericType() instanceof ParameterizedType parameterized
              ? (Class<?>) parameterized.getActualTypeArguments()[0]
              : component.getType();
      String key = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      Key rules = component.getAnnotation(Key.class);
      return rules == null
          ? new Component(
              component.getAccessor(),
              key,
              component.getType(),
              item,
              ValueRule.ANY_TEXT,
              0,
              Long.MAX_VALUE)
          : new Component(
              component.getAccessor(),
              rules.value().isEmpty() ? key : rules.value(),
              component.getType(),
              item,
              rules.rule(),
              rules.least(),
              rules.most());
    }

    Object read(TableReader table) {
      if (type == String.class) {
        return table.present(key, rule);
      }
      if (type == List.class) {
        return Section.class.isAssignableFrom(item)
            ? table.items(key, t -> Optional.of(section().read(t)))
            : table.texts(key, rule);
      }
      if (Section.class.isAssignableFrom(item)) {
        return table.table(key).map(t -> section().read(t));
      }
      return switch (item.getSimpleName()) {
        case "String" -> table.text(key, rule);
        case "Long" -> table.number(key, least, most);
        case "Boolean" -> table.flag(key);
        case "DataSize" -> table.value(key, DataSize::of, DataSize.EXPECTATION);
        case "AccountReference" ->
            table.value(key, AccountReference::of, AccountReference.EXPECTATION);
        default -> table.node(key);
      };
    }

    private SectionMapping<?> section() {
      return SectionMapping.of(item.asSubclass(Section.class));
    }

    Optional<Node> print(Section section) {
      Object value;
      try {
        value = accessor.invoke(section);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + accessor, e);
      }
      if (value instanceof List<?> list) {
        return Optional.of(list)
            .filter(items -> !items.isEmpty())
            .map(items -> new Node.Sequence(items.stream().map(Component::node).toList()));
      }
      return value instanceof Optional<?> optional
          ? optional.map(Component::node)
          : Optional.of(node(value));
    }

    private static Node node(Object value) {
      return switch (value) {
        case String text -> new Node.Text(text);
        case Long number -> new Node.Whole(number);
        case Boolean flag -> new Node.Flag(flag);
        case DataSize size -> size.node();
        case AccountReference account -> account.node();
        case Node node -> node;
        case Section section -> new Node.Table(entries(section));
        default -> throw new IllegalStateException("not a value of a section: " + value.getClass());
      };
    }
  }
}
