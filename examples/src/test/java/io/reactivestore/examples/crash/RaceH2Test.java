package io.reactivestore.examples.crash;

import io.reactivestore.engine.Races;
import io.reactivestore.r2dbc.TestBackend;

/** On H2. */
class RaceH2Test extends Races {

    RaceH2Test() {
        super(TestBackend.h2(), 40);
    }
}
