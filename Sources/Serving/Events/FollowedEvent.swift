public import Store

/// An event with the place after it.
public struct FollowedEvent: Sendable, Hashable {
    /// The event, by its number in its own share.
    public let event: StoredEvent
    /// Where a reader is who has had it.
    public let place: EventPlace

    /// The event with the place as a further member `cursor`, one line: a number, or a text where shares are joined.
    public var json: String {
        guard place.numbers.count > 1 else { return event.jsonWithCursor }
        var text = event.json
        _ = text.popLast()
        return text + ",\"cursor\":\"\(place)\"}"
    }
}
