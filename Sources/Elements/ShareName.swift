/// The name of the folder in which one of several processes keeps the state of its share of the latents.
public struct ShareName: Sendable, Hashable, CustomStringConvertible {
    /// The number of the process, from 0.
    public let ordinal: Int
    /// The number of processes.
    public let count: Int

    /// Makes the name of a process' folder.
    public init(ordinal: Int, of count: Int) {
        self.ordinal = ordinal
        self.count = count
    }

    /// Reads a name; `nil` for any other text.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "shards", parts[2] == "of", let ordinal = Int(parts[1]),
            let count = Int(parts[3]), ordinal >= 0, ordinal < count
        else { return nil }
        self.init(ordinal: ordinal, of: count)
        // One folder has one name: no sign, no leading zero.
        guard description == text else { return nil }
    }

    /// The path of the folder in a directory.
    public func path(in directory: String) -> String {
        directory.hasSuffix("/") ? "\(directory)\(self)" : "\(directory)/\(self)"
    }

    /// `shards-K-of-N`.
    public var description: String { "shards-\(ordinal)-of-\(count)" }
}
