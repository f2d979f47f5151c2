import Foundation

/// Where a coder lies: a folder or a file, and for sets of coders the layer, written `folder#layer`.
public struct CoderAddress: Sendable, Hashable, CustomStringConvertible {
    /// The path of the folder or file.
    public let path: String
    /// Which of a set's coders; `nil` if there is one only.
    public let layer: Int?

    /// Reads an address; a path that is there is taken as it is, whatever its name holds.
    public init(_ text: String) {
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last, !last.isEmpty, last.utf8.count <= 6,
            last.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let layer = Int(last),
            !FileManager.default.fileExists(atPath: text)
        else {
            (path, self.layer) = (text, nil)
            return
        }
        (path, self.layer) = (parts.dropLast().joined(separator: "#"), layer)
    }

    /// Whether the folder or file is there.
    public var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// The address as it is written.
    public var description: String { layer.map { "\(path)#\($0)" } ?? path }
}
