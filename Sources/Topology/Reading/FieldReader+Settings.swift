extension FieldReader {
    /// Reads free settings, refusing those that are reserved and secrets in plain text.
    func settings(of tree: MarkedTree, subject: String, into findings: inout Findings) -> FieldValue? {
        guard let entries = tree.entries else {
            findings.add(
                .wrongType, at: tree.mark, "\(subject) must be \(FieldType.settings.expectation)\(tree.contrast)")
            return nil
        }
        var settings: [String: SettingValue] = [:]
        for entry in entries {
            if let reason = reservedSetting(entry.name) {
                findings.add(
                    .reservedSetting, at: entry.mark, "the setting \(entry.name.quoted) is Gloss' own: \(reason)",
                    help: "take it out")
            } else if Names.isSecretSetting(entry.name) {
                let secret = secret(of: entry, subject: "the setting \(entry.name.quoted)", into: &findings)
                settings[entry.name] = secret.map { .secret($0) }
            } else {
                settings[entry.name] = setting(entry, into: &findings)
            }
        }
        return .settings(settings)
    }

    private func setting(_ entry: MarkedEntry, into findings: inout Findings) -> SettingValue? {
        if case .secret = entry.value.content {
            return secret(of: entry, subject: "the setting \(entry.name.quoted)", into: &findings).map { .secret($0) }
        }
        guard let scalar = entry.value.scalar, !scalar.isNothing else {
            findings.add(
                .wrongType, at: entry.value.mark,
                "the setting \(entry.name.quoted) must be a text\(entry.value.contrast)")
            return nil
        }
        return .plain(scalar.text)
    }

    /// Reads a value that must be a secret; never shows it.
    func secret(of entry: MarkedEntry, subject: String, into findings: inout Findings) -> Secret? {
        let help = "write `\(entry.name.clipped): !secret env:NAME` or `!secret file:PATH`"
        switch entry.value.content {
        case .secret(let written):
            do {
                return try Secret(written, environment: environment)
            } catch {
                switch error {
                case .unset(let name):
                    findings.add(
                        .unsetVariable, at: entry.value.mark,
                        "the environment variable `\(name)`, which holds \(subject), is not set", help: "set it")
                case .malformed:
                    findings.add(
                        .badSecret, at: entry.value.mark, "\(subject) is a secret without a source", help: help)
                }
            }
        case .scalar(let scalar) where !scalar.isNothing:
            findings.add(
                .plainSecret, at: entry.value.mark, "\(subject) is a secret and stands here in plain text", help: help)
        default:
            findings.add(
                .wrongType, at: entry.value.mark, "\(subject) must be a secret\(entry.value.contrast)",
                help: help)
        }
        return nil
    }
}
