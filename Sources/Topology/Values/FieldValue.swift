/// A value of free settings.
public enum SettingValue: Sendable, Equatable {
    /// A text that may be shown.
    case plain(String)
    /// A text that may not.
    case secret(Secret)
}

/// The value of a field, read by the type of its schema.
enum FieldValue: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case milliseconds(Int)
    case bytes(Int)
    case list([FieldValue])
    case settings([String: SettingValue])
    /// By name, the JSON text of each value.
    case members([String: String])
    case latents(LatentSelection)
}
