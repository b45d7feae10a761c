package io.reactivestore.r2dbc;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets r2dbc-postgresql log in with a password: it draws a random number on its event loop, for which the JDK now and then
 * reads a file. Forbidden to, it would neither answer the server nor close the connection, and soon the server would have no
 * connection left for anybody.
 */
public final class PasswordsMayBlock implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.r2dbc.postgresql.authentication.SASLAuthenticationHandler", "handle");
    }
}
