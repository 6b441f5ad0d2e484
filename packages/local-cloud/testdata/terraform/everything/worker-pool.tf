resource "google_cloud_run_v2_worker_pool" "plain" {
  name                = "plain"
  location            = "us-central1"
  deletion_protection = false

  template {
    containers {
      image = "localhost:5000/worker:${var.stage}"
    }
  }
}

resource "google_cloud_run_v2_worker_pool" "full" {
  name                = "full"
  location            = "us-central1"
  description         = "Everything that a worker pool of ours says"
  client              = "terraform"
  launch_stage        = "GA"
  deletion_protection = false
  labels              = { team = "shop" }
  annotations         = { "example.com/owner" = "shop-${var.stage}" }

  scaling {
    manual_instance_count = var.stage
  }

  template {
    revision        = "full-pool-${var.stage}"
    service_account = "runner@demo.iam.gserviceaccount.com"
    labels          = { tier = "back" }

    containers {
      name  = "worker"
      image = "localhost:5000/worker"
      env {
        name  = "STAGE"
        value = tostring(var.stage)
      }
      resources {
        limits = { cpu = "1", memory = "1Gi" }
      }
    }
  }

  dynamic "instance_splits" {
    for_each = var.stage == 1 ? [
      { type = "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST", revision = null, percent = 100 },
      ] : [
      { type = "INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION", revision = "full-pool-1", percent = 40 },
      { type = "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST", revision = null, percent = 60 },
    ]
    content {
      type     = instance_splits.value.type
      revision = instance_splits.value.revision
      percent  = instance_splits.value.percent
    }
  }
}
