package io.reactivestore.engine.webhook;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Refuses to connect to addresses that are not public. It sees the very address that is connected to, whatever a name was resolved
 * to before, or will be.
 */
@ChannelHandler.Sharable
final class AddressGuard extends ChannelOutboundHandlerAdapter {

    /** What is recorded of such an attempt. */
    static final class AddressRefused extends ConnectException {
        private static final long serialVersionUID = 1L;

        AddressRefused() {
            super("the endpoint has an address that is not public");
        }
    }

    @Override
    public void connect(
            ChannelHandlerContext context, SocketAddress remote, SocketAddress local, ChannelPromise promise)
            throws Exception {
        if (remote instanceof InetSocketAddress inet
                && inet.getAddress() != null
                && PublicAddress.is(inet.getAddress())) {
            super.connect(context, remote, local, promise);
        } else {
            promise.tryFailure(new AddressRefused());
        }
    }
}
