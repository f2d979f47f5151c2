import HTTPTypes
import Hummingbird

extension Request {
    /// The value of a header field; `nil` if there is none.
    ///
    /// - Parameter name: The name in lower case.
    func header(_ name: String) -> String? { headers.first { $0.name.canonicalName == name }?.value }

    /// Whether it comes from a program, or from a page of the same origin, as far as its headers tell.
    var isOfSameOrigin: Bool {
        if let site = header("sec-fetch-site") {
            // Behind a proxy the host that is asked for need not be the one that the browser knows, but the browser says whose
            // page it is, and no page can set that header.
            if site == "same-origin" { return true }
            if site != "none" { return false }
        }
        guard let origin = header("origin") else { return true }
        guard let scheme = origin.firstRange(of: "://"), let authority = head.authority else { return false }
        return origin[scheme.upperBound...].lowercased() == authority.lowercased()
    }

    /// Whether it only reads.
    var isReading: Bool { method == .get || method == .head }

    /// Whether a browser asks for something to show.
    var isForPage: Bool { headers[.accept]?.contains("text/html") == true }
}
