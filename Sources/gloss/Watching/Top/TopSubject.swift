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

    /// Whether an event is about it.
    func takes(_ event: TailedEvent) -> Bool {
        switch self {
        case .latent(let key): event.text("coder") == key.coder && event["latent"]?.integer == key.latent
        case .node(let node): event.text("node") == node
        }
    }
}
