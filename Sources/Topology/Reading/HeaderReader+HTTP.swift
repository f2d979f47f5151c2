extension HeaderReader {
    static let httpFields: [FieldSchema] =
        [.required("address", .string, "The host and port to listen at, such as `127.0.0.1:8080`.")] + httpLimitFields

    private static let httpLimitFields: [FieldSchema] = [
        .optional(
            "connections", .integer(1...100_000), default: "256",
            "The most connections at once; fewer if the process may not open so many files and sockets."),
        .optional("request_timeout", .duration, default: "10s", "The time in which a request must be whole."),
        .optional(
            "idle_timeout", .duration, default: "75s",
            "How long a connection is kept without a request, or without its client taking what it is sent."),
    ]

    /// Reads `http`, an address or a mapping; `nil` if it is faulty.
    func http(_ entry: MarkedEntry, into findings: inout Findings) -> HTTPSettings? {
        var (token, writeToken): (Secret?, Secret?)
        var asksForToken = false
        var address = entry.value
        let owner = FieldOwner(name: "`http`", mark: entry.mark, unknown: .unknownKey, missing: .missingKey)
        let fields: ReadFields
        if case .mapping(let entries) = entry.value.content {
            fields = reader.read(
                entries, by: Self.httpFields, others: ["token", "write_token"], owner: owner, into: &findings)
            if let entry = entries.first(where: { $0.name == "token" }) {
                asksForToken = true
                token = self.token(entry, into: &findings)
            }
            if let entry = entries.first(where: { $0.name == "write_token" }) {
                writeToken = self.token(entry, into: &findings)
            }
            guard let given = entries.first(where: { $0.name == "address" }) else { return nil }
            address = given.value
        } else {
            fields = reader.read([], by: Self.httpLimitFields, others: [], owner: owner, into: &findings)
        }
        guard let scalar = address.scalar, Names.isAddress(scalar.text) else {
            findings.add(
                .badAddress, at: address.mark,
                "`http` must be a host and a port such as `127.0.0.1:8080`\(address.contrast)")
            return nil
        }
        guard let limits = HTTPLimits(fields) else { return nil }
        let settings = HTTPSettings(
            address: scalar.text, token: token, writeToken: writeToken, limits: limits, mark: address.mark)
        if !settings.isLoopback, !asksForToken {
            findings.add(
                .badAddress, at: address.mark,
                "`http` at `\(scalar.text)` can be reached from other machines: write "
                    + "`http: { address: \(scalar.text), token: !secret env:NAME }`, or use 127.0.0.1")
        }
        return settings
    }

    /// Reads the token; one that is known to be blank is a fault, since no request can carry it.
    private func token(_ entry: MarkedEntry, into findings: inout Findings) -> Secret? {
        let subject = "`\(entry.name)` of `http`"
        let token = reader.secret(of: entry, subject: subject, into: &findings)
        if let name = token?.blankVariable {
            findings.add(
                .badSecret, at: entry.value.mark,
                "the environment variable `\(name)`, which holds \(subject), is empty",
                help: "give it the token that clients are to send")
        }
        return token
    }
}

extension HTTPLimits {
    /// Reads the limits; `nil` if a field is faulty.
    fileprivate init?(_ fields: ReadFields) {
        guard case .integer(let connections) = fields.values["connections"],
            case .milliseconds(let request) = fields.values["request_timeout"],
            case .milliseconds(let idle) = fields.values["idle_timeout"]
        else { return nil }
        self.init(connections: connections, requestMilliseconds: request, idleMilliseconds: idle)
    }
}
