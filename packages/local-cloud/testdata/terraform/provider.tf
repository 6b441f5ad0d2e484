variable "origin" {
  description = "Where the local cloud listens, such as http://127.0.0.1:4000."
}

variable "stage" {
  description = "1 is what is made first, 2 what it is changed to."
  type        = number
  default     = 1
}

provider "google" {
  project      = "demo"
  region       = "us-central1"
  access_token = "local"

  cloud_run_v2_custom_endpoint      = "${var.origin}/v2/"
  cloud_run_custom_endpoint         = "${var.origin}/"
  secret_manager_custom_endpoint    = "${var.origin}/v1/"
  artifact_registry_custom_endpoint = "${var.origin}/v1/"
  service_usage_custom_endpoint     = "${var.origin}/v1/"
  resource_manager_custom_endpoint  = "${var.origin}/v1/"
  storage_custom_endpoint           = "${var.origin}/storage/v1/"
  cloud_billing_custom_endpoint     = "${var.origin}/v1/"
}
