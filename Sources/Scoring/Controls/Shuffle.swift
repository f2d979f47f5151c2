/// The control that gives each latent the explanation of another one: what a method gives for nothing.
public enum Shuffle {
    /// The control's name.
    public static let name = "shuffled"
}
