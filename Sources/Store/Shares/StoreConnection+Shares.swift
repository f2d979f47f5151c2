import GRDB

// A call that says how the answers of shares are joined asks each of them by `readEach`; any other call reads by `read`, which
// refuses several shares. So nothing is told that is true of one of them only.

extension StoreConnection {
    /// The access to the state of one of several processes.
    struct Share: Sendable {
        /// The name of its folder.
        let name: String
        /// The access.
        let connection: StoreConnection
    }

    /// The access to the only database, or to that of each share.
    var parts: [StoreConnection] { shares.isEmpty ? [self] : shares.map(\.connection) }

    /// Runs a block in one read transaction of each database; its errors become `StoreError`s.
    ///
    /// - Parameter body: Given the database and its path.
    /// - Returns: The values in the order of the shares; one for the state of one process.
    func readEach<Value>(
        _ body: (_ database: Database, _ path: String) throws -> Value
    ) throws(StoreError) -> [Value] {
        var values: [Value] = []
        for part in parts { values.append(try part.read { try body($0, part.path) }) }
        return values
    }

    /// What is stored of latents in each share, in one list.
    ///
    /// - Parameters:
    ///   - lists: By share, in the order that `precedes` says; `nil` of one whose reading was left.
    ///   - latent: The latent that an element is about.
    ///   - precedes: Compares two elements of different latents.
    /// - Returns: `nil` if any reading was left.
    /// - Throws: `unjoinable` if two shares have something of one latent, so that it would count twice.
    func joined<Element>(
        _ lists: [[Element]?], latent: (Element) -> LatentKey, by precedes: (Element, Element) -> Bool
    ) throws(StoreError) -> [Element]? {
        var whole: [[Element]] = []
        for list in lists {
            guard let list else { return nil }
            whole.append(list)
        }
        guard whole.count > 1 else { return whole.first }
        var owners: [LatentKey: Int] = [:]
        for (share, list) in whole.enumerated() {
            for element in list {
                let key = latent(element)
                guard let other = owners.updateValue(share, forKey: key), other != share else { continue }
                throw .unjoinable(
                    path: path,
                    reason: "both \(shares[other].name) and \(shares[share].name) have results or jobs of latent "
                        + "\(key.written), which one process owns; look whether one folder is a copy of another")
            }
        }
        return Self.merged(whole, by: precedes)
    }

    /// The elements of lists in one list; of those that `precedes` does not tell apart, those of an earlier list come first, and
    /// those of one list in their order.
    static func merged<Element>(_ lists: [[Element]], by precedes: (Element, Element) -> Bool) -> [Element] {
        lists.joined().enumerated().sorted { left, right in
            if precedes(left.element, right.element) { return true }
            return !precedes(right.element, left.element) && left.offset < right.offset
        }.map(\.element)
    }
}
