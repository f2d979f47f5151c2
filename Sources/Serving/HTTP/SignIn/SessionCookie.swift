import HTTPTypes
import Hashing
import Hummingbird

/// The cookie by which a browser shows that somebody has signed in.
struct SessionCookie: Sendable {
    /// The cookie's name.
    let name: String

    /// Makes the cookie of a topology.
    ///
    /// Browsers share cookies among the ports of a host: daemons of several topologies there must not take each other's away.
    init(topology: String) {
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x636f_6f6b_6965), wide: false)
        hasher.update(text: topology)
        let hash = String(hasher.finalize64(), radix: 16)
        name = "gloss_session_" + String(repeating: "0", count: max(0, 16 - hash.count)) + hash
    }

    /// The values that a request brings: usually one, or none.
    func values(in request: Request) -> [String] {
        let pairs = (request.headers[.cookie] ?? "").split(separator: ";")
        return pairs.compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == name[...] else { return nil }
            return String(parts[1])
        }
    }

    /// The header that sets it.
    func setting(_ value: String, for request: Request) -> String {
        text(value, seconds: Int(SignInSessions.age.components.seconds), request)
    }

    /// The header that takes it away.
    func clearing(for request: Request) -> String { text("", seconds: 0, request) }

    private func text(_ value: String, seconds: Int, _ request: Request) -> String {
        // Gloss itself has no TLS: only a proxy can know that the browser has, and without it the browser would not take the cookie.
        let scheme = request.header("x-forwarded-proto")?.prefix { $0 != "," }
        return "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
            + (scheme?.lowercased() == "https" ? "; Secure" : "")
    }
}
