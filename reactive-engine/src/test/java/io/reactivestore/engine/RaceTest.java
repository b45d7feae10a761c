package io.reactivestore.engine;

import io.reactivestore.memory.InMemoryBackend;

/** In memory. */
class RaceTest extends Races {

    RaceTest() {
        super(new InMemoryBackend(), 150);
    }
}
