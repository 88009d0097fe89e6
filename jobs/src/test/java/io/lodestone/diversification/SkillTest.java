package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The gate lets through what is better beyond chance, and nothing else. */
final class SkillTest {

  @Test
  void isOneLessTheRatioOfLosses() {
    Skill skill = Skill.of(new double[] {1, 1, 1, 1}, new double[] {2, 2, 2, 2}, 1);
    assertThat(skill).isEqualTo(new Skill(0.5, 0.5, 0.5));
    assertThat(skill.passes()).isTrue();
  }

  @Test
  void doesNotLetThroughAModelThatIsBetterInOneClusterOnly() {
    double[] naive = {1, 1, 1, 1, 1, 10};
    double[] model = {1.1, 1.1, 1.1, 1.1, 1.1, 5};
    Skill skill = Skill.of(model, naive, 1);
    assertThat(skill.estimate()).isPositive();
    assertThat(skill.passes()).isFalse();
  }

  @Test
  void rarelyLetsThroughAModelThatIsAsGoodAsTheNaiveForecast() {
    SplittableRandom random = new SplittableRandom(3);
    int passed = 0;
    for (int trial = 0; trial < 400; trial++) {
      double[] model = new double[60];
      double[] naive = new double[60];
      for (int cluster = 0; cluster < 60; cluster++) {
        model[cluster] = 1 + random.nextDouble();
        naive[cluster] = 1 + random.nextDouble();
      }
      passed += Skill.of(model, naive, trial).passes() ? 1 : 0;
    }
    assertThat(passed / 400.0).isEqualTo(0.05, within(0.03));
  }

  @Test
  void refusesToJudgeWithoutALoss() {
    assertThatThrownBy(() -> Skill.of(new double[0], new double[0], 1))
        .isInstanceOf(NotFitted.class)
        .hasMessageContaining("0 clusters in the window");
  }

  @Test
  void keepsLabelWindowsInsideTheirFold() {
    Split split = new Split(2010, 2018, 2021, 2025);
    assertThat(split.fold(2017, 1)).isEqualTo(Split.Fold.TRAIN);
    assertThat(split.fold(2018, 1)).isEqualTo(Split.Fold.VALIDATION);
    assertThat(split.fold(2015, 3)).isEqualTo(Split.Fold.TRAIN);
    assertThat(split.fold(2016, 3)).as("2017 to 2019 lie in two folds").isEqualTo(Split.Fold.NONE);
    assertThat(split.fold(2018, 3)).isEqualTo(Split.Fold.VALIDATION);
    assertThat(split.fold(2021, 3)).isEqualTo(Split.Fold.TEST);
    assertThat(split.fold(2023, 3)).as("2026 is not known").isEqualTo(Split.Fold.NONE);
    assertThatThrownBy(() -> new Split(2018, 2018, 2021, 2024).require(1, 1))
        .isInstanceOf(NotFitted.class)
        .hasMessageContaining("2018 to 2024 hold 0 years to train on");
  }
}
