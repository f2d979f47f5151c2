import Foundation

/// A number of bytes as people read it, such as `1.5 GiB`.
struct ByteSize: CustomStringConvertible {
    let description: String

    init(_ bytes: some BinaryInteger) {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        description = String(format: unit == 0 ? "%.0f %@" : "%.1f %@", value, units[unit])
    }

    /// The bytes of a file, or of all files in a folder; 0 where there is none.
    static func ofFiles(at path: String) -> Int {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: path, isDirectory: &isFolder) else { return 0 }
        let parts = isFolder.boolValue ? files.subpaths(atPath: path) ?? [] : []
        let paths = isFolder.boolValue ? parts.map { "\(path)/\($0)" } : [path]
        return paths.reduce(0) { total, path in
            // A model is often a folder of links into a cache: what counts is what they lead to.
            let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let attributes = try? files.attributesOfItem(atPath: resolved),
                attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? NSNumber
            else { return total }
            return total + size.intValue
        }
    }
}
