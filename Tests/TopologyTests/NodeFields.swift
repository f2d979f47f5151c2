@testable import Topology

/// Fields by name, for schemas of which there are no keys.
extension Node {
    func string(_ name: String) -> String? { fields[name]?.text }
    func list(_ name: String) -> [String]? { fields[name]?.texts }
    func integer(_ name: String) -> Int? { fields[name]?.integer }
    func number(_ name: String) -> Double? { fields[name]?.number }
    func boolean(_ name: String) -> Bool? { fields[name]?.boolean }

    func elements(_ name: String) -> [FieldValue]? {
        if case .list(let elements) = fields[name] { elements } else { nil }
    }

    func settings(_ name: String) -> [String: SettingValue]? {
        if case .settings(let settings) = fields[name] { settings } else { nil }
    }

    func latents(_ name: String) -> LatentSelection? {
        if case .latents(let latents) = fields[name] { latents } else { nil }
    }
}
