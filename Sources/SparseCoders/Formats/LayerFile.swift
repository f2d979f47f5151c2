/// The files of a set of coders, one for each layer: what stands before and after the layer's number.
struct LayerFile {
    let prefix: String
    let ending: String

    /// The name of a layer's file.
    func name(_ layer: Int) -> String { "\(prefix)\(layer)\(ending)" }

    /// The layer whose file has a name; `nil` if it is none of the set.
    static func layer(of name: Substring, _ file: LayerFile) -> Int? {
        guard name.hasPrefix(file.prefix), name.hasSuffix(file.ending) else { return nil }
        let number = name.dropFirst(file.prefix.count).dropLast(file.ending.count)
        guard !number.isEmpty, number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(number)
    }
}
