import Foundation

/// The text of a topology file as it may be shown: what looks like a secret in plain text is covered.
///
/// A file that was read has its secrets by name; this covers what stands in comments, in free members and in URLs.
public enum RedactedText {
    /// The text with what looks like secrets covered.
    public static func of(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\n")
    }

    private static func line(_ text: Substring) -> String {
        var characters = Array(text)
        if let start = SecretScan.start(in: characters) { characters.replaceSubrange(start..., with: "<secret>") }
        // What stands before the host of a URL: a name and a password.
        return String(characters).replacing(/:\/\/[^\/@\s"']+@/, with: "://<secret>@")
    }
}
