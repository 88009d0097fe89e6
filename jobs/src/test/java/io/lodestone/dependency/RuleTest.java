package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RuleTest {

  @Test
  void isStrictAtItsBounds() {
    assertThat(Rule.above(0.4, Rule.CONCENTRATED)).isFalse();
    assertThat(Rule.above(0.400001, Rule.CONCENTRATED)).isTrue();
    assertThat(Rule.below(0.35, Rule.DISPERSED)).isFalse();
    assertThat(Rule.below(0.349999, Rule.DISPERSED)).isTrue();
    assertThat(Rule.isNetImporter(5, 5)).isFalse();
    assertThat(Rule.isNetImporter(6, 5)).isTrue();
    assertThat(Rule.isNetImporter(6, 0)).isTrue();
  }

  @Test
  void doesNotKnowWhatItCannotKnow() {
    assertThat(Rule.above(null, 0.4)).isNull();
    assertThat(Rule.below(null, 0.4)).isNull();
    assertThat(Rule.isNetImporter(Cell.UNKNOWN, 5)).isNull();
    assertThat(Rule.isNetImporter(5, Cell.UNKNOWN)).isNull();
  }

  @Test
  void isFalseIfOneConditionIsFalseWhateverIsUnknown() {
    assertThat(Rule.all(true, true, true)).isTrue();
    assertThat(Rule.all(true, null, false)).isFalse();
    assertThat(Rule.all(true, null, true)).isNull();
    assertThat(Rule.any(null, true)).isTrue();
    assertThat(Rule.any(null, false)).isNull();
    assertThat(Rule.any(false, false)).isFalse();
  }
}
