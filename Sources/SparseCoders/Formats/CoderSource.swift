import Foundation

/// The files of a coder, and what is said of it besides.
struct CoderSource {
    let address: CoderAddress
    private let given: CoderGivens
    private var usesNorm = false
    private var usesK = false

    init(_ address: CoderAddress, given: CoderGivens) {
        self.address = address
        self.given = given
    }

    /// The path of the folder, without a slash at its end.
    var folder: String {
        var path = address.path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    /// Whether the address is that of a file.
    var isFile: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: address.path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// The names of the folders on the way to it, the outermost first, its own last.
    var names: [Substring] { URL(fileURLWithPath: folder).standardizedFileURL.path.split(separator: "/") }

    /// The path of a file of the folder.
    func path(_ name: String) -> String { folder + "/" + name }

    /// Whether the folder has all of some files.
    func has(_ names: String...) -> Bool {
        names.allSatisfy { FileManager.default.fileExists(atPath: path($0)) }
    }

    /// The mean length of the activations, if it is given.
    mutating func averageNorm() -> Double? {
        usesNorm = true
        return given.averageNorm
    }

    /// The latents kept on a token: what the files say, or else what is given.
    ///
    /// - Throws: `CoderError.setting` if neither says it, they differ, or it is out of range.
    mutating func k(of stated: Int?, latents: Int, saidBy files: String) throws(CoderError) -> Int {
        usesK = true
        let range = 1...SparseCodes.mostActive(latents: latents)
        guard let k = stated ?? given.k else {
            throw fault("k", found: "nothing in \(files)", expected: "the latents kept on a token: give `k:`")
        }
        guard given.k == nil || given.k == k else {
            throw fault("k", found: "\(given.k ?? 0)", expected: "\(k), as \(files) says")
        }
        guard range.contains(k) else {
            throw fault("k", found: "\(k)", expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return k
    }

    /// Checks that nothing is given that the coder has no use for.
    func finish() throws(CoderError) {
        if given.averageNorm != nil, !usesNorm {
            throw fault(
                "average_norm", found: "a number", expected: "nothing: this coder does not scale its input by it")
        }
        if given.k != nil, !usesK {
            throw fault("k", found: "\(given.k ?? 0)", expected: "nothing: the coder's files say it")
        }
    }

    func fault(_ field: String, found: String, expected: String) -> CoderError {
        .setting(file: address.description, field: field, found: found, expected: expected)
    }
}
