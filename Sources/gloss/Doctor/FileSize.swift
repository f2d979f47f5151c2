import Foundation

/// The space that files take.
enum FileSize {
    /// The bytes of a file, or of all files in a folder; 0 if there is none.
    static func bytes(at path: String) -> Int {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: path, isDirectory: &isFolder) else { return 0 }
        let parts = isFolder.boolValue ? files.subpaths(atPath: path) ?? [] : []
        let paths = isFolder.boolValue ? parts.map { "\(path)/\($0)" } : [path]
        return paths.reduce(0) { total, path in
            // A model is often a folder of links into a cache; the files that they lead to count.
            let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let attributes = try? files.attributesOfItem(atPath: resolved),
                attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? NSNumber
            else { return total }
            return total + size.intValue
        }
    }
}
