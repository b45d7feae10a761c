package io.reactivestore.examples.crash;

import io.reactivestore.r2dbc.TestBackend;

/** On H2. */
class WatchH2Test extends Watching {

    WatchH2Test() {
        super(TestBackend.h2());
    }
}
