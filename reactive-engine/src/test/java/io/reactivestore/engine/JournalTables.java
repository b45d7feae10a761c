package io.reactivestore.engine;

import io.reactivestore.spi.JournalBackend;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The engine as a function of the journal, on any database: extend it there. The columns: what it shows, the journal in, the code, what happens then, the entries
 * out, what was done to the world, what the caller hears.
 *
 * @see JournalText
 * @see WorkflowText
 */
public abstract class JournalTables {

    private JournalTable table() {
        return new JournalTable(this::database);
    }

    /**
     * Gives the database. It may be the same for all cases, since each has a workflow and a trace of its own.
     *
     * @return where journals and heads are kept
     */
    protected abstract JournalBackend database();

    @TestFactory
    Stream<DynamicTest> replay() {
        return table().of("""
                a new trace: each step and the end               |                 | a b                 | | a b done=b              | a b       | b
                what is on record is not done again              | a b             | a b c               | | c done=c                | c         | c
                all but the end is on record                     | a b             | a b                 | | done=b                  |           | b
                the code gets the recorded value                 | a=7             | a                   | | done=7                  |           | 7
                a recorded null is nothing                       | a=null          | a                   | | done=null               |           | empty
                a recorded skip is nothing                       | a:skipped       | a b                 | | b done=b                | b         | b
                a recorded failure is final                      | a:failed        | a b                 | | FAULT                   |           | FAULT
                a recorded failure is handled again              | a:failed        | try( a => b )       | | b done=b                | b         | b
                the handler's step is on record too              | a:failed b      | try( a => b ) c     | | c done=c                | c         | c
                of two branches the one not done runs            | a               | ( a // b )          | | b done=a+b              | b         | a+b
                repeated names are counted                       | a a#2=a         | loop3( a )          | | a#3=a done=a+a+a        | a#3       | a+a+a
                items have scopes                                | each/p/a=a      | each( p,q => a )    | | each/q/a=a done=a+a     | each/q/a  | a+a
                a scope is part of the key                       |                 | scope:s( a ) a      | | s/a=a a done=a          | s/a a     | a
                what was told is not told again                  | emit(p)=news    | emit:p a            | | a done=a                | a         | a
                a rewound trace goes on from there               | a b back1       | a b                 | | b done=b                | b         | b
                progress behind a rewind counts                  | a b back1 b c   | a b c d             | | d done=d                | d         | d
                a rewind to the start                            | a b back0       | a b                 | | a b done=b              | a b       | b
                """);
    }

    @TestFactory
    Stream<DynamicTest> subscribing_again() {
        return table().of("""
                each failure is an attempt on record             |                   | a.fails2.again2  | | a:failed a:failed a done=a | a a a | a
                a failure on record is signalled, then tried     | a:failed          | a.again1         | | a done=a                   | a     | a
                attempts go on where they were                   | a:failed          | a.fails1.again2  | | a:failed a done=a          | a a   | a
                no attempt is made that is not asked for         | a:failed a:failed | a.again1         | | FAULT                      |       | FAULT
                a success stands behind the failures             | a:failed a        | a.again1 b       | | b done=b                   | b     | b
                """);
    }

    @TestFactory
    Stream<DynamicTest> changed_code() {
        return table().of("""
                a step inserted in front                         | a b             | n a b               | | n done=b                | n         | b
                a step inserted between                          | a b             | a n b               | | n done=b                | n         | b
                a step removed stays on record                   | a b             | b                   | | done=b                  |           | b
                steps in another order                           | a b             | b a c               | | c done=c                | c         | c
                a step renamed is another step                   | a b             | a c                 | | c done=c                | c         | c
                a sequence made parallel                         | a               | ( b // a )          | | b done=b+a              | b         | b+a
                a failure whose handler was added                | a:failed        | try( a => n )       | | n done=n                | n         | n
                a fallback removed: another attempt              | a:failed(fallback) | a                | | a done=a                | a         | a
                a retry removed: what was announced is done      | a:failed(next0s)   | a                | | a done=a                | a         | a
                """);
    }

    @TestFactory
    Stream<DynamicTest> attempts() {
        return table().of("""
                a soon next attempt is waited for in memory      |                    | a.fails1.retry3/1s    | 1s  | a:failed(next1s) a done=a           | a a | a
                a late one in the database                       |                    | a.fails1.retry3/9s    | 10s | a:failed(next9s) waits9s a done=a   | a a | a
                it is not made before its time                   | a:failed(next30s)  | a.retry3/30s          | 20s | waits30s                            |     | …
                nor sooner because the policy has changed        | a:failed(next30s)  | a.retry3/1s           | 20s | waits30s                            |     | …
                one that is overdue is made at once              | a:failed(next0s)   | a.retry3/9s           |     | a done=a                            | a   | a
                attempts are counted over restarts               | a:failed(next0s) a:failed(next0s) | a.fails.retry3/9s | | a:failed FAULT           | a   | FAULT
                no attempt is left                               |                    | a.fails.retry2/1s     | 1s  | a:failed(next1s) a:failed FAULT     | a a | FAULT
                a value that is an error                         |                    | a.bad                 |     | a:failed FAULT                      | a   | FAULT
                is tried again as well                           |                    | a.bad.retry2/1s       | 1s  | a:failed(next1s) a:failed FAULT     | a a | FAULT
                a time limit                                     |                    | a.slow.timeout9s      | 9s  | a:failed FAULT                      | a   | FAULT
                is one of an attempt                             |                    | a.slow.timeout1s.retry2/1s | 3s | a:failed(next2s) a:failed FAULT | a a | FAULT
                what ends in time                                |                    | a.slow.timeout9s      | 8s a 9s | a done=a                        | a   | a
                a fallback is announced, then taken              |                    | a.fails.fallback      |     | a:failed(fallback) a=instead done=instead | a fallback | instead
                and taken after a restart                        | a:failed(fallback) | a.fallback            |     | a=instead done=instead              | fallback | instead
                behind all attempts                              |                    | a.fails.retry2/1s.fallback | 1s | a:failed(next1s) a:failed(fallback) a=instead done=instead | a a fallback | instead
                a failed step is skipped                         |                    | a.fails.skip b        |     | a:skipped b done=b                  | a b | b
                a failed step waits for a decision               |                    | a.fails.halt b        | 3s  | a:failed(halted) waits              | a   | …
                and still does after a restart                   | a:failed(halted)   | a.halt b              | 3s  | waits                               |     | …
                it is run again as decided                       | a:failed(halted)   | a.halt b              | +a:rerun | +a:rerun a:failed(rerun) a b done=b | a b | b
                with as many attempts as at first                | a:failed(next0s) a:failed(halted) | a.fails1.retry2/1s.halt | +a:rerun 1s | +a:rerun a:failed(rerun) a:failed(next1s) a done=a | a a | a
                or supplied                                      | a:failed(halted)   | a.halt b              | +a=v | +a=v a=v b done=b                  | b   | b
                or skipped                                       | a:failed(halted)   | a.halt b              | +a:skip | +a:skip a:skipped b done=b      | b   | b
                or failed                                        | a:failed(halted)   | a.halt b              | +a:fail | +a:fail a:failed FAULT          |     | FAULT
                """);
    }

    @TestFactory
    Stream<DynamicTest> at_most_once() {
        return table().of(
                        definition -> definition.policy(
                                StepPolicy.defaults().withRetry(RetryPolicy.fixed(5, Duration.ofSeconds(1)))),
                        """
                the mark comes first                             |                      | a.once   |          | a:started a done=a                         | a   | a
                a failure is not tried again, whatever the policy|                      | a.fails.once |  9s  | a:started a:failed FAULT                   | a   | FAULT
                begun without an end: in doubt                   | a:started            | a.once b | 3s       | waits                                      |     | …
                in doubt, supplied                               | a:started            | a.once b | +a=v     | +a=v a=v b done=b                          | b   | b
                in doubt, skipped                                | a:started            | a.once b | +a:skip  | +a:skip a:skipped b done=b                 | b   | b
                in doubt, failed                                 | a:started            | a.once b | +a:fail  | +a:fail a:failed FAULT                     |     | FAULT
                in doubt, to be run again                        | a:started            | a.once b | +a:rerun | +a:rerun a:failed(rerun) a:started a b done=b | a b | b
                decided while nobody was there                   | a:started +a:rerun   | a.once   |          | a:failed(rerun) a:started a done=a         | a   | a
                decided and taken in                             | a:started +a:rerun a:failed(rerun) | a.once | | a:started a done=a                     | a   | a
                run again, and in doubt again                    | a:started +a:rerun a:failed(rerun) a:started | a.once | 3s | waits                  |     | …
                only marked: done again                          | a:started            | a.mark   |          | a:started a done=a                         | a   | a
                a mark of code that marks no more                | a:started            | a        |          | a done=a                                   | a   | a
                """);
    }

    @TestFactory
    Stream<DynamicTest> waits() {
        return table().of(definition -> definition.nodes("later"), """
                the decision is the result                       |                   | wait:ok             | +ok=yes          | ok:waits +ok=yes ok=yes done=yes          |   | yes
                a suspended trace comes back                     |                   | wait:ok             | 3s +ok=yes 1s    | ok:waits waits +ok=yes ok=yes done=yes    |   | yes
                code before the wait does not run again          | a ok:waits waits +ok=yes | a wait:ok    |                  | ok=yes done=yes                           |   | yes
                skipped                                          |                   | wait:ok b           | +ok:skip         | ok:waits +ok:skip ok:skipped b done=b     | b | b
                supplied without a payload                       |                   | wait:ok b           | +ok              | ok:waits +ok ok=null b done=b             | b | b
                failed and handled                               |                   | try( wait:ok => b ) | +ok:fail         | ok:waits +ok:fail ok:failed b done=b      | b | b
                no handler sees a suspension                     |                   | try( wait:ok => b ) | 3s               | ok:waits waits                            |   | …
                decided before the node is reached               |                   | a.slow wait:ok      | elsewhere+ok=yes a | +ok=yes a ok=yes done=yes               | a | yes
                decided about a declared node                    |                   | a.slow wait:later   | +later=yes a     | +later=yes a later=yes done=yes           | a | yes
                an unknown node is refused                       |                   | wait:ok             | +oh=yes          | ok:waits                                  |   | InterventionRefused …
                another type is refused                          |                   | wait:ok             | +ok={"x":1}      | ok:waits                                  |   | InterventionRefused …
                another type from elsewhere is refused on record |                   | wait:ok             | elsewhere+ok={"x":1} | ok:waits +ok={"x":1} ok:failed(refused) |   | …
                and the wait goes on                             | ok:waits +ok={"x":1} ok:failed(refused) | wait:ok | +ok=yes | +ok=yes ok=yes done=yes           |   | yes
                a wait cannot be run again                       |                   | wait:ok             | +ok:rerun        | ok:waits                                  |   | InterventionRefused …
                a time limit                                     |                   | wait:ok:9s          | 10s              | ok:waits9s waits9s ok:failed FAULT        |   | FAULT
                a default                                        |                   | wait:ok:9s:no       | 10s              | ok:waits9s waits9s ok=no done=no          |   | no
                a decision in time                               |                   | wait:ok:9s:no       | 8s +ok=yes 9s    | ok:waits9s waits9s +ok=yes ok=yes done=yes|   | yes
                a restart does not extend the limit              | ok:waits9s        | wait:ok:99s:no      | 10s              | waits9s ok=no done=no                     |   | no
                several at once, answered in any order           |                   | ( wait:p // wait:q )| +q=2 +p=1        | p:waits q:waits +q=2 q=2 +p=1 p=1 done=1+2|   | 1+2
                a partial answer stays suspended                 |                   | ( a wait:p // wait:q ) | 3s +q=2 3s    | a q:waits p:waits waits +q=2 q=2 waits    | a | …
                two decisions about one node come in turn        | ok:waits +ok=1 +ok=2 | wait:ok          |                  | ok=1 back0 ok=2 done=2                    |   | 2
                a sleep                                          |                   | sleep:nap:9s b      | 10s              | nap:sleeps9s waits9s nap b done=b         | b | b
                a short sleep stays in memory                    |                   | sleep:nap:1s b      | 1s               | nap:sleeps1s nap b done=b                 | b | b
                a restart does not extend a sleep                | nap:sleeps9s      | sleep:nap:99s b     | 10s              | waits9s nap b done=b                      | b | b
                a sleep that is over                             | nap:sleeps0s      | sleep:nap:99s b     |                  | nap b done=b                              | b | b
                a sleep is skipped                               |                   | sleep:nap:99s b     | +nap:skip        | nap:sleeps99s +nap:skip nap:skipped b done=b | b | b
                """);
    }

    @TestFactory
    Stream<DynamicTest> decisions_about_steps() {
        return table().of("""
                supply instead of what runs                      |                   | a.slow b        | +a=v            | +a=v a=v b done=b                           | a b       | b
                skip what runs                                   |                   | a.slow b        | +a:skip         | +a:skip a:skipped b done=b                  | a b       | b
                fail what runs                                   |                   | try( a.slow => b ) | +a:fail      | +a:fail a:failed b done=b                   | a b       | b
                run it again                                     |                   | a.slow          | +a:rerun a=v    | +a:rerun a:failed(rerun) a=v done=v         | a a       | v
                run it again with another input                  |                   | a.slow          | +a:rerun=w a=v  | +a:rerun=w a:failed(rerun) a=v done=v       | a a(w)    | v
                the input stays after a restart                  | +a:rerun=w a:failed(rerun) | a      |                 | a=w done=w                                  | a(w)      | w
                a decision in place of a running again           |                   | a.slow          | +a:rerun +a=v   | +a:rerun a:failed(rerun) +a=v a=v done=v    | a a       | v
                supply what is done: back to it                  |                   | a b.slow        | +a=v b=z        | a +a=v back0 a=v b=z done=z                 | a b b     | z
                run again what is done                           |                   | a b.slow        | +a:rerun b=z    | a +a:rerun back0 a:failed(rerun) a b=z done=z | a b a b | z
                with another input                               |                   | a b.slow        | +a:rerun=w b=z  | a +a:rerun=w back0 a:failed(rerun) a=w b=z done=z | a b a(w) b | z
                skip what is done                                |                   | a b.slow        | +a:skip b=z     | a +a:skip back0 a:skipped b=z done=z        | a b b     | z
                fail what is done                                |                   | a b.slow        | +a:fail         | a +a:fail back0 a:failed FAULT              | a b       | FAULT
                what failed is decided otherwise                 | a:failed          | a b             | +a=v            | FAULT                                       |           | TraceCompleted FAULT
                decided while nobody was there                   | a b +a=v          | a b             |                 | back0 a=v b done=b                          | b         | b
                several, all taken in                            | a b +b=2 +a=1     | a b c           |                 | back0 a=1 b=2 c done=c                      | c         | c
                a waiting attempt is not waited for              | a:failed(next30s) | a.retry3/30s    | +a=v            | +a=v a=v done=v                             |           | v
                about an ended trace                             |                   | a               | +a=v            | a done=a                                    | a         | TraceCompleted a
                """);
    }

    @TestFactory
    Stream<DynamicTest> the_end() {
        return table().of("""
                what was done is taken back, the last first      |                 | a.undo b.undo c.fails   |         | a b c:failed unwind(b,a) undo(b) undo(a) COMPENSATED | a b c undo-b undo-a | COMPENSATED
                a step of each round                             |                 | loop2( a.undo ) c.fails |         | a a#2=a c:failed unwind(a#2,a) undo(a#2) undo(a) COMPENSATED | a a#2 c undo-a undo-a | COMPENSATED
                of branches what was done                        |                 | ( a.undo // b.fails )   |         | a b:failed unwind(a) undo(a) COMPENSATED             | a b undo-a          | COMPENSATED
                nothing to take back                             |                 | a b.fails               |         | a b:failed FAULT                                     | a b                 | FAULT
                a failure that is handled takes nothing back     |                 | a.undo try( b.fails => c ) |      | a b:failed c done=c                                  | a b c               | c
                one that cannot be taken back keeps no other     |                 | a.undo b.undofails c.fails |      | a b c:failed unwind(b,a) undo(b):failed undo(a) FAULT | a b c undo-a       | FAULT
                a restart before the taking back                 | a b c:failed    | a.undo b.undo c         |         | unwind(b,a) undo(b) undo(a) COMPENSATED              | undo-b undo-a       | COMPENSATED
                a restart in the middle                          | a b c:failed unwind(b,a) undo(b) | a.undo b.undo c | | undo(a) COMPENSATED                                 | undo-a              | COMPENSATED
                a restart before the end                         | a b c:failed unwind(b,a) undo(b) undo(a) | a.undo b.undo c | | COMPENSATED                                 |                     | COMPENSATED
                a restart behind a failed one                    | a b c:failed unwind(b,a) undo(b):failed | a.undo b.undo c | | undo(a) FAULT                                | undo-a              | FAULT
                the code no longer says how                      | a c:failed unwind(a) | a c                |         | undo(a):failed FAULT                                 |                     | FAULT
                cancelled                                        |                 | a.slow                  | +cancel | +cancel CANCELLED                                    | a                   | CANCELLED
                cancelled and taken back                         |                 | a.undo b.slow           | +cancel | a +cancel unwind(a) undo(a) COMPENSATED              | a b undo-a          | COMPENSATED
                cancelled in a wait                              |                 | a.undo wait:ok          | 3s +cancel 1s | a ok:waits waits +cancel unwind(a) undo(a) COMPENSATED | a undo-a    | COMPENSATED
                cancelled while nobody was there: nothing begins | a +cancel       | a.undo b                |         | unwind(a) undo(a) COMPENSATED                        | undo-a              | COMPENSATED
                cancelled twice                                  |                 | a.slow                  | +cancel +cancel | +cancel CANCELLED                            | a                   | TraceCompleted CANCELLED
                a trace that is taken back takes no decisions    |                 | a.undo b.undofails c.fails | +a:rerun | a b c:failed unwind(b,a) undo(b):failed undo(a) FAULT | a b c undo-a | TraceCompleted FAULT
                """);
    }

    @TestFactory
    Stream<DynamicTest> a_deadline() {
        return table().of(definition -> definition.deadline(Duration.ofSeconds(9)), """
                in time                                          |                 | a.slow                  | 8s a    | a done=a                                             | a                   | a
                too late                                         |                 | a.slow                  | 9s      | TIMED_OUT                                            | a                   | TIMED_OUT
                what was done is taken back                      |                 | a.undo b.slow           | 9s      | a unwind(a) undo(a) COMPENSATED                      | a b undo-a          | COMPENSATED
                a trace that waits is woken for it               |                 | a wait:ok               | 10s     | a ok:waits waits9s TIMED_OUT                         | a                   | TIMED_OUT
                nothing begins behind it                         | a waits9s       | a b                     | 10s     | TIMED_OUT                                            |                     | TIMED_OUT
                """);
    }

    @TestFactory
    Stream<DynamicTest> children() {
        return table().of("""
                a child's result is the step's                   |                 | child:kid b             |         | kid:child +kid=k kid=k b done=b                      | k b                 | b
                a child that fails                               |                 | try( child:bad => b )   |         | bad:child +bad:fail bad:failed b done=b              | k b                 | b
                one that was not yet started                     | kid:child       | child:kid b             |         | +kid=k kid=k b done=b                                | k b                 | b
                one whose end was announced                      | kid:child +kid=7 | child:kid              |         | kid=7 done=7                                         |                     | 7
                a rewind asks one that has ended                 |                 | child:kid b.slow        | back0 b=z | kid:child +kid=k kid=k back0 kid:child kid=k b=z done=z | k b b          | z
                and one that failed                              |                 | try( child:bad => b.slow ) | back0 b=z | bad:child +bad:fail bad:failed back0 bad:child bad:failed b=z done=z | k b b | z
                supplied instead of a child                      | kid:child       | child:kid               | +kid=7  | +kid=k kid=k done=k                                  | k                   | TraceCompleted k
                """);
    }

    @TestFactory
    Stream<DynamicTest> checkpoints() {
        return table().of(definition -> definition.checkpoints(CheckpointPolicy.every(3)), """
                two results wait for the third                   |                 | a b c.slow d.slow       |         |                                                      | a b c               | …
                three are one checkpoint                         |                 | a b c d.slow            |         | a b c                                                | a b c d             | …
                what is put off is done again                    | a               | a b                     |         | b done=b                                             | b                   | b
                a wait takes them along                          |                 | a b wait:ok             |         | a b ok:waits                                         | a b                 | …
                a failure takes them along                       |                 | a b try( c.fails => d.slow ) |    | a b c:failed                                         | a b c d             | …
                the end takes them along                         |                 | a b                     |         | a b done=b                                           | a b                 | b
                to close takes them along                        |                 | a b.slow c              | close b | a b                                                  | a b                 | EngineClosed
                a rewind takes along what it keeps               |                 | a b c.slow              | back1 c=z | a b back1 b c=z done=z                             | a b c b c           | z
                a decision about what is put off takes its place |                 | a b.slow                | +a=v b=z | +a=v back0 a=v b=z done=z                           | a b b               | z
                what is put off beside it stays                  |                 | a b c.slow              | +b=v c=z | +b=v a back1 b=v c=z done=z                         | a b c c             | z
                """);
    }

    @TestFactory
    Stream<DynamicTest> not_completed_by_itself() {
        return table().of(definition -> definition.autoComplete(false), """
                open behind its last step                        |                 | a                       | 3s      | a waits                                              | a                   | a
                open behind a failure, nothing is taken back     |                 | a.undo b.fails          | 3s      | a b:failed waits                                     | a b                 | FAULT
                a decision mends it                              | a b:failed waits | a b c                  | +b=v 1s | +b=v back1 b=v c waits                               | c                   | c
                """);
    }

    @TestFactory
    Stream<DynamicTest> rewinds() {
        return table().of("""
                what lies beyond is done again                   |                 | a b wait:ok             | back1 +ok=y | a b ok:waits back1 b ok:waits +ok=y ok=y done=y  | a b b               | y
                beyond the highest step                          |                 | a wait:ok               | back3   | a ok:waits                                           | a                   | ResumeOutOfRange …
                to the start                                     |                 | a wait:ok               | back-1  | a ok:waits back0 a ok:waits                          | a a                 | …
                out of a taking back                             |                 | a.undo b.fails1         | back0   | a b:failed unwind(a) undo(a) COMPENSATED             | a b undo-a          | TraceCompleted COMPENSATED
                a closed engine begins nothing                   |                 | a.slow b                | close a | a                                                    | a                   | EngineClosed
                """);
    }
}
