import Foundation
public import Store

/// Which events are wanted.
public struct EventFilter: Sendable {
    private let types: Set<EventType>?
    private let coder: String?
    private let latents: Set<Int>?

    private struct Place: Decodable {
        let coder: String?
        let latent: Int?
    }

    /// Makes a filter; `nil` takes all.
    public init(types: Set<EventType>? = nil, coder: String? = nil, latents: Set<Int>? = nil) {
        self.types = types
        self.coder = coder
        self.latents = latents
    }

    /// Whether an event is wanted.
    public func takes(_ event: StoredEvent) -> Bool {
        if let types, !types.contains(event.type) { return false }
        if coder == nil, latents == nil { return true }
        guard let place = try? JSONDecoder().decode(Place.self, from: Data(event.json.utf8)) else { return false }
        if let coder, place.coder != coder { return false }
        guard let latents else { return true }
        return place.latent.map(latents.contains) ?? false
    }
}
