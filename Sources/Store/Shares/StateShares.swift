package import Elements
import Foundation

/// The states of several processes that own the latents of one topology together, as folders of one directory.
package struct StateShares: Sendable, Hashable {
    /// The directory that holds them.
    package let directory: String
    /// The names of the folders, by the numbers of the processes.
    package let names: [ShareName]

    /// The shares that are named where some are missing.
    private static let named = 4

    /// Finds the shares in a directory by the names of their folders; `nil` if it holds none.
    ///
    /// - Throws: `unjoinable` if some are missing, or if there are those of several numbers of processes.
    package init?(in directory: String) throws(StoreError) {
        let found = Self.found(in: directory)
        guard let count = found.first?.count else { return nil }
        let counts = Set(found.map(\.count)).sorted()
        guard counts.count == 1 else {
            let numbers = counts.map(String.init).joined(separator: " and of ")
            throw .unjoinable(
                path: directory,
                reason: "there are those of \(numbers) processes; move those away that do not run any more")
        }
        guard found.count == count else {
            let here = Set(found)
            let missing = (0..<count).lazy.map { ShareName(ordinal: $0, of: count) }.filter { !here.contains($0) }
            let names = missing.prefix(Self.named).map(\.description).joined(separator: ", ")
            let more = count - found.count > Self.named ? " and others" : ""
            throw .unjoinable(
                path: directory, reason: "of \(count) there is no \(names)\(more); put all of them beside each other")
        }
        self.directory = directory
        names = found
    }

    /// The names of all shares in a directory, whether they belong together or not.
    package static func found(in directory: String) -> [ShareName] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return entries.compactMap { ShareName($0) }.sorted { ($0.count, $0.ordinal) < ($1.count, $1.ordinal) }
    }

    /// Why no state of one process is in a directory.
    static func absence(in directory: String) -> StoreError {
        guard let share = found(in: directory).first else { return .missing(path: directory) }
        return .severalShares(path: directory, share: share.description)
    }
}
