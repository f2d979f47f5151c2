internal import Foundation
package import Store

/// Where pages find each other: below a daemon's address, or in a folder of files.
package enum PageLinks: Sendable, Hashable {
    /// Served by a daemon.
    case served
    /// In a folder, seen from a page that lies `depth` folders below it.
    case files(depth: Int)

    private var root: String {
        switch self {
        case .served: "/"
        case .files(let depth): String(repeating: "../", count: depth)
        }
    }

    private var ending: String { self == .served ? "" : ".html" }

    /// Whether a daemon answers, so that there is something live to ask.
    var isServed: Bool { self == .served }

    /// The style sheet, the script, or another file that is served as it is.
    func asset(_ name: String) -> String { "\(root)assets/\(name)" }

    /// The overview.
    var overview: String { isServed ? "/" : "\(root)index.html" }

    /// The list of latents, with a query.
    func latents(_ query: KeyValuePairs<String, String> = [:]) -> String {
        guard isServed, !query.isEmpty else { return isServed ? "/latents" : "\(root)latents.html" }
        let items = query.map { "\(Self.encoded($0.key))=\(Self.encoded($0.value))" }
        return "/latents?\(items.joined(separator: "&"))"
    }

    /// What is happening in the topology; served only.
    var pipeline: String { "/pipeline" }

    /// What was given up.
    var failures: String { "\(root)failures\(ending)" }

    /// The page of a latent.
    package func latent(_ key: LatentKey) -> String {
        "\(root)l/\(Self.encoded(key.coder))/\(key.latent)\(ending)"
    }

    /// The JSON of a latent.
    func json(_ key: LatentKey) -> String {
        isServed
            ? "/api/v1/latents/\(Self.encoded(key.coder))/\(key.latent)"
            : "\(root)l/\(Self.encoded(key.coder))/\(key.latent).json"
    }

    /// The page of a score, by the job that made it; only a daemon serves it.
    func score(_ job: String) -> String { "/s/\(Self.encoded(job))" }

    /// The JSON of a score.
    func scoreJSON(_ job: String) -> String { "/api/v1/scores/\(Self.encoded(job))" }

    /// Two nodes beside each other, or all pairs; only a daemon serves it.
    func compare(_ nodes: (a: String, b: String)? = nil) -> String { "/compare\(Self.query(of: nodes))" }

    /// The JSON of the same.
    func compareJSON(_ nodes: (a: String, b: String)?) -> String { "/api/v1/compare\(Self.query(of: nodes))" }

    /// The JSON of some latents.
    func latentsJSON(_ names: [String]) -> String {
        "/api/v1/latents?\(names.map { "id=\(Self.encoded($0))" }.joined(separator: "&"))"
    }

    private static func query(of nodes: (a: String, b: String)?) -> String {
        nodes.map { "?a=\(encoded($0.a))&b=\(encoded($0.b))" } ?? ""
    }

    /// A part of a path or a query.
    package static func encoded(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
