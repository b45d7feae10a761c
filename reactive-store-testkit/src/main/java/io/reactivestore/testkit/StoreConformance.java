package io.reactivestore.testkit;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/**
 * What every store must do. An adapter extends this class and hands it fixtures; each test runs on one of its own. With
 * {@code -Dreactivestore.stress=true} the random parts run fifty times as long.
 *
 * <pre>{@code
 * class H2FileConformanceTest extends StoreConformance {
 *     @Override
 *     protected StoreFixture fixture() {
 *         return new H2FileFixture();
 *     }
 * }
 * }</pre>
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
public abstract class StoreConformance {

    /** For subclasses. */
    protected StoreConformance() {}

    /**
     * Makes an empty set of data. Called once for each test; the kit closes it.
     *
     * @return a new fixture
     */
    protected abstract StoreFixture fixture();

    @Nested
    class Common extends CommonRules {
        Common() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Appending extends AppendRules {
        Appending() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Resuming extends ResumeRules {
        Resuming() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Completing extends CompletionRules {
        Completing() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Intervening extends InterventionRules {
        Intervening() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Claiming extends ClaimRules {
        Claiming() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Guarding extends GuardRules {
        Guarding() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Waiting extends WaitRules {
        Waiting() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Sharing extends DueRules {
        Sharing() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Taking_over extends TakeOverRules {
        Taking_over() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Hinting extends HintRules {
        Hinting() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Lists_and_forks extends ForkRules {
        Lists_and_forks() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Telling_anew extends ReplaceRules {
        Telling_anew() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Reading_what_was_written extends RoundTripRules {
        Reading_what_was_written() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class The_journal extends JournalRules {
        The_journal() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class The_catalog extends CatalogRules {
        The_catalog() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Restoring extends RestoreRules {
        Restoring() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Listing extends ListRules {
        Listing() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Dead_letters extends DeadLetterRules {
        Dead_letters() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Describing extends DescriptionRules {
        Describing() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Deleting extends DeleteRules {
        Deleting() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Purging extends PurgeRules {
        Purging() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Listing_dead_letters extends DeadLetterListRules {
        Listing_dead_letters() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Facts_kept_once extends FactRules {
        Facts_kept_once() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Webhook_deliveries extends WebhookRules {
        Webhook_deliveries() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Snapshots_of_journals extends SnapshotRules {
        Snapshots_of_journals() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Racing extends RaceRules {
        Racing() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Cancelling extends CancellationRules {
        Cancelling() {
            super(StoreConformance.this::fixture);
        }
    }

    @Nested
    class Random_histories extends HistoryRules {
        Random_histories() {
            super(StoreConformance.this::fixture);
        }
    }
}
