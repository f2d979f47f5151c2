public import Store

/// Selects the wanted events.
public struct EventFilter: Sendable {
    private let types: Set<EventType>?
    private let coder: String?
    private let latents: Set<Int>?

    /// Makes a filter; `nil` takes all.
    public init(types: Set<EventType>? = nil, coder: String? = nil, latents: Set<Int>? = nil) {
        self.types = types
        self.coder = coder
        self.latents = latents
    }

    /// Whether no event at all is wanted.
    var takesNone: Bool { types?.isEmpty == true || latents?.isEmpty == true }

    /// The types that are wanted.
    var wantedTypes: Set<EventType> { types ?? Set(EventType.allCases) }

    /// The latents that are wanted, if they and their coder are named: their events are found without looking through others.
    var named: (coder: String, latents: Set<Int>)? {
        guard let coder, let latents else { return nil }
        return (coder, latents)
    }

    /// Whether an event is wanted.
    public func takes(_ event: StoredEvent) -> Bool {
        if let types, !types.contains(event.type) { return false }
        if let coder, event.subject.coder != coder { return false }
        return latents?.contains(event.subject.latent) ?? true
    }
}
