/// Finds secrets in a line of plain text.
///
/// Works on the text alone, because lines are shown even if the YAML is broken.
enum SecretScan {
    private static let keys = ["password", "passphrase", "secret", "api_key", "apikey", "key.pem", "token"]
        .map { Array($0) }

    /// The index at which a value in plain text begins that follows the key of a secret; `nil` if none does.
    static func start(in line: [Character]) -> Int? {
        let lowercased = line.map { $0.isASCII ? Character($0.lowercased()) : $0 }
        for start in lowercased.indices {
            for key in keys where lowercased[start...].starts(with: key) {
                var index = start + key.count
                while index < line.count, " \"'".contains(line[index]) { index += 1 }
                guard index < line.count, line[index] == ":" else { continue }
                index += 1
                while index < line.count, line[index] == " " { index += 1 }
                let value = line[index...]
                if let first = value.first, !"{}[],#".contains(first), !value.starts(with: "!secret ") { return index }
            }
        }
        return nil
    }

    /// Whether a line ends in the key of a secret, so that the value begins below it.
    static func endsInKey(_ line: [Character]) -> Bool {
        var text = String(line).lowercased()[...]
        while text.last == " " { text.removeLast() }
        guard text.last == ":" else { return false }
        text.removeLast()
        while let last = text.last, " \"'".contains(last) { text.removeLast() }
        return keys.contains { text.hasSuffix(String($0)) }
    }
}
