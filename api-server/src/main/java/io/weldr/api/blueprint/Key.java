package io.weldr.api.blueprint;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the name and type of a {@link Section}'s component do not say. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Key {
  /** The key; when absent, the component's name in lower case with {@code _} between words. */
  String value() default "";

  /** Of each text. */
  ValueRule rule() default ValueRule.ANY_TEXT;

  /** The smallest number. */
  long least() default 0;

  /** The largest number. */
  long most() default Long.MAX_VALUE;
}
