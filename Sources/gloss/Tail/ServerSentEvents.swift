/// Takes bytes of a stream of server-sent events and gives the events that they complete.
///
/// Source: WHATWG HTML Living Standard, section 9.2.6 "Interpreting an event stream".
struct ServerSentEvents {
    /// An event.
    struct Event: Sendable, Hashable {
        /// Its type; `message` if none is given.
        var name = "message"
        /// Its lines of data, joined by line feeds.
        var data = ""
    }

    /// The id of the latest event that had one.
    private(set) var lastID: String?
    /// Whether a comment ended the last bytes taken: the server has nothing new for now.
    private(set) var isIdle = false

    private var line: [UInt8] = []
    private var name: String?
    private var data: [String] = []
    private var id: String?
    private var followsReturn = false

    /// The longest line taken, in bytes; further bytes are dropped.
    private static let longestLine = 4 << 20

    /// Starts a new stream after the same last event; an unfinished event of the former one will be sent again.
    mutating func reconnect() {
        (line, name, data, id) = ([], nil, [], nil)
        (followsReturn, isIdle) = (false, false)
    }

    /// Takes bytes; returns the events that are whole now.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { followsReturn = byte == 0x0d }
            if byte == 0x0a, followsReturn { continue }
            guard byte == 0x0a || byte == 0x0d else {
                if line.count < Self.longestLine { line.append(byte) }
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        guard !text.isEmpty else { return endEvent() }
        isIdle = text.hasPrefix(":")
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let field = parts[0]
        var value = parts.count > 1 ? parts[1] : ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch field {
        case "event": name = String(value)
        case "data": data.append(String(value))
        case "id": id = String(value)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> Event? {
        defer { (name, data) = (nil, []) }
        if let id { lastID = id }
        guard !data.isEmpty else { return nil }
        return Event(name: name ?? "message", data: data.joined(separator: "\n"))
    }
}
