package io.reactivestore.engine.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Which addresses are public, by the special-purpose registries of IANA (RFC 6890). */
final class PublicAddress {

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes) : address instanceof Inet6Address && isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] address) {
        int a = address[0] & 0xFF;
        int b = address[1] & 0xFF;
        int c = address[2] & 0xFF;
        return a != 0 // this network
                && !(a == 100 && b >= 64 && b <= 127) // carrier-grade NAT
                && !(a == 192 && b == 0 && (c == 0 || c == 2)) // protocol assignments, documentation
                && !(a == 192 && b == 88 && c == 99) // relays
                && !(a == 198 && (b == 18 || b == 19)) // benchmarks
                && !(a == 198 && b == 51 && c == 100) // documentation
                && !(a == 203 && b == 0 && c == 113) // documentation
                && a < 240; // reserved, broadcast
    }

    /** Only global unicast, 2000::/3, and of that nothing that leads to an IPv4 address or nowhere. */
    private static boolean isPublic6(byte[] address) {
        int a = ((address[0] & 0xFF) << 8) | (address[1] & 0xFF);
        int b = ((address[2] & 0xFF) << 8) | (address[3] & 0xFF);
        if (a == 0x64 && b == 0xFF9B) {
            // NAT64; behind other prefixes of it (RFC 8215) lies what the local network decides
            return isZero(address, 4, 12) && is4(Arrays.copyOfRange(address, 12, 16));
        }
        if (a == 0x2002) {
            return is4(Arrays.copyOfRange(address, 2, 6)); // 6to4
        }
        return a >>> 13 == 1 // global unicast
                && !(a == 0x2001 && b < 0x200) // protocol assignments, such as Teredo
                && !(a == 0x2001 && b == 0xDB8) // documentation
                && !(a == 0x3FFF && b < 0x1000); // documentation
    }

    private static boolean isZero(byte[] address, int from, int to) {
        for (int i = from; i < to; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean is4(byte[] embedded) {
        try {
            return is(InetAddress.getByAddress(embedded));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
