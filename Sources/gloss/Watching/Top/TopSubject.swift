import Dashboard
import JSONText
import LatentSheets
import Store

/// What a person has chosen in `gloss top`.
enum TopSubject: Sendable, Hashable {
    case latent(LatentKey)
    case node(String)

    /// Its name, for a person.
    var name: String {
        switch self {
        case .latent(let key): key.written
        case .node(let node): node
        }
    }

    /// The parts of a query for its events, as far as a daemon can choose by it.
    var query: [String] {
        guard case .latent(let key) = self else { return [] }
        return ["latent=\(key.latent)", "coder=\(PageLinks.encoded(key.coder))"]
    }

    /// What is tried again if its failed jobs are, for a person: a request for that names the number of a latent and no coder.
    ///
    /// - Parameter coders: How many coders there are.
    func retried(among coders: Int) -> String {
        guard case .latent(let key) = self, coders > 1 else { return name }
        return "latent \(key.latent) of every coder"
    }

    /// Whether an event is about it.
    func takes(_ event: TailedEvent) -> Bool {
        switch self {
        case .latent(let key): event.text("coder") == key.coder && event["latent"]?.integer == key.latent
        case .node(let node): event.text("node") == node
        }
    }
}
