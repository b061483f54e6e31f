/// A certificate for tests with its key. Made for this purpose alone, valid from 2020 to 2120, secret to nobody: the
/// authority has signed nothing else, and its own key was thrown away.
public struct TestCertificate: Sendable {
    /// The certificate as PEM text.
    public var certificate: String
    /// The private key as PEM text.
    public var privateKey: String

    /// The authority behind the other certificates, as PEM text.
    public static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBaTCCAQ+gAwIBAgIUW3eou1WlM4msmXp2jFPZEuEFe+cwCgYIKoZIzj0EAwIw
        ITEfMB0GA1UEAwwWSVNSRktpdCB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAw
        MDBaGA8yMTIwMDEwMTAwMDAwMFowITEfMB0GA1UEAwwWSVNSRktpdCB0ZXN0IGF1
        dGhvcml0eTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOUvyUxMRmkh9GseALD6
        PTkGKFmhivpFdrWIiNwXVospZoLqXtyslCnuq6AFCOMkxwu6XKR3bnjRbRFHoMSA
        2JijIzAhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49
        BAMCA0gAMEUCIQCqeYEh1xW61ITgSj55zbnTpM/Ru87RBTYc56Mu+CnDvAIgTh73
        wbxz+FetzdIh0/PYnHT4mrTeLGMtVVp76332rpA=
        -----END CERTIFICATE-----
        """

    /// For `localhost` and 127.0.0.1.
    public static let right = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBejCCASCgAwIBAgIUZ0vi0fd3cy7LX8tl+Pigk7Dx0TowCgYIKoZIzj0EAwIw
            ITEfMB0GA1UEAwwWSVNSRktpdCB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAw
            MDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYH
            KoZIzj0CAQYIKoZIzj0DAQcDQgAEvUd+1Uw/OW2rSlxDjeBjwdgpXxT6WoRA1dGO
            w9Vs50IzB0TEtUiEF76ggFmgbZ9pqH6NZBILcAA8Gw8/WnCz7qNBMD8wDAYDVR0T
            AQH/BAIwADAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwEwYDVR0lBAwwCgYI
            KwYBBQUHAwEwCgYIKoZIzj0EAwIDSAAwRQIgct6JElSfLAsS2jsf5lS5Rzbh70Dk
            M7Mw/eGyUgnuVZoCIQCDWMKU7etKy/fkALsiOKtNxJYmX2MX/WA+JiFviDi4og==
            -----END CERTIFICATE-----
            """,
        privateKey: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfO8X/jcoEnmDZO8s
            LqWfUkaJXA07AmBFy8bnfyjccqmhRANCAAS9R37VTD85batKXEON4GPB2ClfFPpa
            hEDV0Y7D1WznQjMHRMS1SIQXvqCAWaBtn2mofo1kEgtwADwbDz9acLPu
            -----END PRIVATE KEY-----
            """)

    /// For `elsewhere.example`, where no server of these tests is.
    public static let wrong = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBhDCCASqgAwIBAgIUKc0dkS2Q3+HrwOvAbNSExVIhtgcwCgYIKoZIzj0EAwIw
            ITEfMB0GA1UEAwwWSVNSRktpdCB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAw
            MDBaGA8yMTIwMDEwMTAwMDAwMFowHDEaMBgGA1UEAwwRZWxzZXdoZXJlLmV4YW1w
            bGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS/EKnrxf5uWD8TsHNh/U3oJA5u
            Kn2KTrrZ3wURiRdULzEX3Y1BSyiIZuKPVmLu/L8oFuHUOBs16FCad6qHJctdo0Mw
            QTAMBgNVHRMBAf8EAjAAMBwGA1UdEQQVMBOCEWVsc2V3aGVyZS5leGFtcGxlMBMG
            A1UdJQQMMAoGCCsGAQUFBwMBMAoGCCqGSM49BAMCA0gAMEUCIAzmije1sN8crrjs
            KcA6++RTBX16aq+e9AyaY5L6JrhJAiEAsGLzuRNByr3oSbrRkXJTYDD7k1zt+NzP
            pREtH+IfZCo=
            -----END CERTIFICATE-----
            """,
        privateKey: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgf6xs5IG+0bU6bFwt
            Ers8nZ6Y3Ti2OitK++CVuECCecehRANCAAS/EKnrxf5uWD8TsHNh/U3oJA5uKn2K
            TrrZ3wURiRdULzEX3Y1BSyiIZuKPVmLu/L8oFuHUOBs16FCad6qHJctd
            -----END PRIVATE KEY-----
            """)
}
