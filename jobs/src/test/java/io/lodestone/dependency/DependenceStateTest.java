package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DependenceStateTest {

  /**
   * A history, a letter a year from 2010 on: d dependent, n not dependent, l not dependent with a
   * condition of leaving, u reported but unknown, a blank: not reported. Gives the state year by
   * year: in since when, out, or ?.
   */
  private static List<String> states(String history) {
    DependenceState state = new DependenceState();
    List<String> states = new ArrayList<>();
    for (int place = 0; place < history.length(); place++) {
      int year = 2010 + place;
      switch (history.charAt(place)) {
        case 'd' -> state.next(year, true, false);
        case 'n' -> state.next(year, false, false);
        case 'l' -> state.next(year, false, true);
        case 'u' -> state.next(year, null, null);
        default -> {
          continue;
        }
      }
      Boolean in = state.at(year);
      states.add(in == null ? "?" : in ? "in " + state.since(year) : "out");
    }
    return states;
  }

  @Test
  void followsTheWorkedExample() {
    // Dependent in 2012 and 2014, not in 2013: in from 2014 on, since 2012.
    assertThat(states("nndnd")).containsExactly("out", "out", "out", "out", "in 2012");
  }

  @Test
  void startsOutAndEntersAtTheSecondQualifyingYear() {
    assertThat(states("dd")).containsExactly("out", "in 2010");
    assertThat(states("d")).containsExactly("out");
  }

  @Test
  void doesNotEnterWhenTheQualifyingYearsAreTooFarApart() {
    assertThat(states("dnnd")).containsExactly("out", "out", "out", "out");
  }

  @Test
  void staysBetweenTheBarsOfEnteringAndLeaving() {
    assertThat(states("ddnnnn"))
        .containsExactly("out", "in 2010", "in 2010", "in 2010", "in 2010", "in 2010");
  }

  @Test
  void leavesWhenTwoOfTheLastThreeYearsAreBelowTheLowerBar() {
    assertThat(states("ddlnl")).containsExactly("out", "in 2010", "in 2010", "in 2010", "out");
    assertThat(states("ddll")).containsExactly("out", "in 2010", "in 2010", "out");
    assertThat(states("ddlnnl"))
        .containsExactly("out", "in 2010", "in 2010", "in 2010", "in 2010", "in 2010");
  }

  @Test
  void entersAnewWithANewSince() {
    assertThat(states("ddllldd"))
        .containsExactly("out", "in 2010", "in 2010", "out", "out", "out", "in 2015");
  }

  @Test
  void bridgesOneMissingYear() {
    assertThat(states("d d")).containsExactly("out", "in 2010");
    assertThat(states("ddud")).containsExactly("out", "in 2010", "in 2010", "in 2010");
  }

  @Test
  void isUnknownAfterTwoMissingYearsUntilThreeAreKnown() {
    assertThat(states("dd  nnn")).containsExactly("out", "in 2010", "?", "?", "out");
    assertThat(states("dduun"))
        .as("the first unknown year is bridged, the second is not")
        .containsExactly("out", "in 2010", "in 2010", "?", "?");
  }

  @Test
  void knowsTheStateAgainAsSoonAsItIsConfirmed() {
    assertThat(states("nn  dd")).containsExactly("out", "out", "?", "in 2014");
  }

  @Test
  void isNotDatedOutsideOfTheState() {
    DependenceState state = new DependenceState();
    state.next(2020, false, true);
    assertThat(state.since(2020)).isNull();
    assertThat(new DependenceState().at(2020)).isNull();
  }
}
