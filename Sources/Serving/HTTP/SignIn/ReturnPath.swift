/// Where a browser is sent after signing in: a place on the same server, whatever it is told.
enum ReturnPath {
    /// The most bytes of a path.
    private static let longest = 4096

    /// The path itself if it leads to a page here, else the overview.
    ///
    /// Two slashes, or a slash and a backslash, would name another server; browsers leave tabs and line ends out before they look.
    static func local(_ path: String?) -> String {
        guard let path, path.utf8.count <= longest, path.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
            path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"),
            !SignIn.paths.contains(String(path.prefix { $0 != "?" && $0 != "#" }))
        else { return "/" }
        return path
    }
}
