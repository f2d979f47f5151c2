extension HTTPSettings {
    /// Settings of an address that stands by itself, with the limits of a topology that gives none; `nil` if it is not a host and a
    /// port.
    package init?(address: String) {
        guard Names.isAddress(address) else { return nil }
        self.init(address: address, token: nil, limits: .standard, mark: SourceMark(line: 1, column: 1))
    }
}

extension HTTPLimits {
    /// What `http` has where nothing is given.
    package static let standard = HTTPLimits(
        connections: 256, requestMilliseconds: 10_000, idleMilliseconds: 75_000)
}
