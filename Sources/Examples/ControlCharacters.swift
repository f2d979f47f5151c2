/// Characters that change how a text is shown or read without being seen.
public enum ControlCharacters {
    /// Whether a scalar is a C0 or C1 control, a direction mark or override, a byte-order mark or an invisible tag.
    public static func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }
}
