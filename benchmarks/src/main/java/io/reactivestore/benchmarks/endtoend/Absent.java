package io.reactivestore.benchmarks.endtoend;

import io.reactivestore.benchmarks.peers.Peer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Peers that are asked for and are not there, and why. */
final class Absent {

    private Absent() {}

    static Map<String, String> reasons(Plan plan) {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put(
                "Pekko Persistence R2DBC",
                "org.apache.pekko:pekko-persistence-r2dbc (1.1.0, 1.2.0; Scala 2.13 and 3) did not resolve where this was"
                        + " built");
        reasons.put("Akka Persistence R2DBC", "its licence (BUSL) is no free one");
        reasons.put(
                "LangGraph4j PostgreSQL saver",
                "org.bsc.langgraph4j:langgraph4j-postgres-saver (1.6.0, 1.8.0) did not resolve where this was built");
        if (!plan.peers().contains(Peer.RESTATE)) {
            reasons.put("Restate", "its server was not given with --restate");
        }
        return reasons;
    }
}
