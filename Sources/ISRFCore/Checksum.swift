#if canImport(CryptoKit)
internal import CryptoKit
#else
internal import CLibcrypto
#endif
package import Foundation

/// SHA-256 by the system's cryptographic library.
package enum Checksum {
    /// The digest as 64 hexadecimal digits.
    package static func sha256(_ data: Data) -> String {
        #if canImport(CryptoKit)
        let digest = Array(SHA256.hash(data: data))
        #else
        var digest = [UInt8](repeating: 0, count: 32)
        data.withUnsafeBytes { bytes in
            _ = SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &digest)
        }
        #endif
        return digest.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    /// The digest of a text's UTF-8 bytes.
    package static func sha256(_ text: String) -> String { sha256(Data(text.utf8)) }
}
