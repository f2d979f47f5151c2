import Synchronization

/// What has been learnt of one model at one endpoint, shared by all copies of its client.
final class EndpointMemory: Sendable {
    private let state: Mutex<EndpointDialect>
    private let note: @Sendable (String) -> Void
    /// Model and endpoint, as messages name them.
    private let place: String

    init(_ configuration: OpenAIConfiguration, place: String, note: @escaping @Sendable (String) -> Void) {
        state = Mutex(EndpointDialect(configuration))
        self.place = place
        self.note = note
    }

    var dialect: EndpointDialect { state.withLock(\.self) }

    /// Whether a request that was made for `known` is to be made anew: something was learnt from this, or by others meanwhile.
    ///
    /// What is learnt is said once.
    func learns(since known: EndpointDialect, _ learn: (inout EndpointDialect) -> String?) -> Bool {
        let (isNew, what) = state.withLock { state -> (Bool, String?) in
            if state != known { return (true, nil) }
            let what = learn(&state)
            return (what != nil, what)
        }
        if let what { note("\(place): \(what)") }
        return isNew
    }
}
